"""What the portal says about itself: health, and the pages that know every app."""
