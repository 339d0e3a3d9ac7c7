"""`/source`: what people change of the sources, in the chat."""
