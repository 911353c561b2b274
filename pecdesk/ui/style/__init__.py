"""How the window looks: colours for light and dark, marks of state, icons, and the few widgets drawn from them."""
