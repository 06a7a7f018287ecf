"""Who may use Hatang: users, roles, passwords, sessions, one-time links and API tokens."""
