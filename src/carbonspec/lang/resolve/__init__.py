"""From syntax tree to resolved study."""
