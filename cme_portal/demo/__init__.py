"""The demonstration: five provinces with fictional bodies, people and claims, made by the acts that pages call."""
