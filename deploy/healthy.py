"""Whether the web process of this container answers: asks for the sign-in page as the proxy would."""

import os
import sys
from urllib.request import Request, urlopen

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
request = Request("http://127.0.0.1:8000/sign-in/", headers={"Host": host, "X-Forwarded-Proto": "https"})
with urlopen(request, timeout=4) as answer:  # noqa: S310 - our own address
    sys.exit(answer.status != 200)
