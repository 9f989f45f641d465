"""Every sentence the bot says, one module a feature, so that a community can change its words."""
