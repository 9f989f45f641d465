"""Programs that others wrote, against ours: so that neither side only agrees with itself."""
