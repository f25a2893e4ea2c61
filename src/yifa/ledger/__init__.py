"""All that is stored: organizations, cases, acts, registers, attachments, seals."""
