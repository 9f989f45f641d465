"""One file a platform, all behind the same port."""
