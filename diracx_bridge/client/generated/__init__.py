"""Generated from openapi.json by tools/generate_client.py; do not edit."""
