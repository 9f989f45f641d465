"""How fast is the bot, beside a bare echo and beside a bot as one writes it in an afternoon."""
