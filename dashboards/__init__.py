"""What we show: Prometheus exposition, Grafana dashboards and alerts as code, the web pages."""
