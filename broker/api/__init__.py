"""The read-only API for programs: resources, who may read them, and how they are answered."""
