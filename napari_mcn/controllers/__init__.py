"""Join panels, session, layers and jobs."""
