"""Who are you: security word, CAPTCHA, SMS codes."""
