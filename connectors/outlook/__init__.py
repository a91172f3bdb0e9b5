"""Outlook and Microsoft 365 through Microsoft Graph."""
