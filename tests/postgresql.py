"""The database server and the free ports that tests use."""

from deploy.development.ports import free_port
from deploy.development.postgresql import PostgresqlServer, programs

__all__ = ["PostgresqlServer", "free_port", "programs"]
