"""From a form to the bytes of a request, before anything is sent."""
