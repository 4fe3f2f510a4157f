"""What the people of the small world do at random: each deed may be refused, none may break anything."""
