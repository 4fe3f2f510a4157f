"""Posts and people: appointments, and every guardian right that follows from them."""
