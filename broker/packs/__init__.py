"""The return pack: a programme's quarter as one file, as frozen or as the records stand."""
