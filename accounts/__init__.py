"""Who may sign in, what their role allows, and what the office is called."""
