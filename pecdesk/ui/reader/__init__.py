"""The reader: one transmission with its verdict, its text, its attachments. Our widgets alone draw the verdict."""
