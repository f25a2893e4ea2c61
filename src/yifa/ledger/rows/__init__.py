"""The rows made of the records: what they hold, how they are kept, how they are made anew."""
