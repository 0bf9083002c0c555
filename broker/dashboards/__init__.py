"""Dashboards of a region or a programme: pictures with their figures, from what one may see."""
