"""WebSub: hubs tell of new stories of feeds (W3C Recommendation, https://www.w3.org/TR/websub/)."""
