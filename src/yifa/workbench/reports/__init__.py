"""The annual report as pages meet it: who sees and writes it, the steps of its signing off."""
