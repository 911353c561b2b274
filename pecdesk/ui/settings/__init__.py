"""What the user decides about the program, what is trusted, and what the program is: settings, authorities, about."""
