"""居民网页: pages for residents' phones. No sign-in, no script, large type on demand."""
