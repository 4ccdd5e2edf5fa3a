"""Reports over a finished run folder; none of them needs a model."""
