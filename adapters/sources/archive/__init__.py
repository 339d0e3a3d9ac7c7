"""Archives: text files of stories."""
