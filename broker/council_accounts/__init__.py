"""Signing in with a council's own account: OpenID Connect, authorization code with PKCE."""
