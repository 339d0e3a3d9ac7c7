"""The audit list: what moderators have changed."""
