"""PostgreSQL and Valkey from their wheels, for a machine where no DATABASE_URL or REDIS_URL is named.

Every process that uses a set of servers holds a shared lock on it; whoever lets go last stops the servers.
Whether a server is there is asked of its socket. A process is signalled only when the kernel says that it is
the one that listens on our own private socket; a number left in a file proves nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from kunshan_edu.embedded.kernel import ServerError, locked, secret
from kunshan_edu.embedded.servers import Servers

VAR = Path(__file__).resolve().parent.parent.parent / "var"
site = Servers(VAR, "servers")
test = Servers(VAR, "test", throwaway=True)


def ensure() -> None:
    """Have the site's servers up while this process lives, as far as the environment names no others."""
    postgres, valkey = (not os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))
    if postgres or valkey:
        site.hold(postgres=postgres, valkey=valkey)


__all__ = ["VAR", "ServerError", "Servers", "ensure", "locked", "secret", "site", "test"]
