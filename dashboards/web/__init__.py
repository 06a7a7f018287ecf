"""The web pages: server-rendered, Vietnamese first, no request to another host."""
