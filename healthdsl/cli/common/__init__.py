"""What the commands share: exit codes, messages, and how they read rulesets."""
