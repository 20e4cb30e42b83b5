"""Who: provinces, bodies, people, users, posts; and approval, which climbs the tree of bodies."""
