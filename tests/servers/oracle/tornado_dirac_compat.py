"""Make the PyPI build of tornado 5.1.1 usable by DIRAC's TornadoServer on Python 3.11.

DIRAC needs two things which tornado 5.1.1 on PyPI does not have:

* ``tornado.iostream.SSLIOStream.configure(...)``: the class of the TLS stream must be
  selectable, because tornado_m2crypto brings its own (M2Crypto can verify X.509 proxies).
* ``HTTPServerRequest.get_ssl_certificate[_chain]`` asking the stream for the certificates.

Besides, tornado 5.1.1 uses ``collections.MutableMapping``, gone since Python 3.10.

Call ``install()`` before anything imports ``DIRAC.Core.Tornado.Server``.
"""

import collections
import collections.abc
import errno
import importlib
import ssl

_DONE = False


def install():
    global _DONE
    if _DONE:
        return
    for name in ("MutableMapping", "Mapping", "Iterable", "Callable"):
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))

    import tornado.httputil
    import tornado.iostream
    import tornado.tcpserver
    from tornado import gen
    from tornado.ioloop import IOLoop

    ssl_stream = tornado.iostream.SSLIOStream
    if not hasattr(ssl_stream, "configure"):
        selected = {"impl": None}

        def configure(cls, impl, **_kwargs):
            selected["impl"] = impl

        def stream_class():
            impl = selected["impl"]
            if isinstance(impl, str):
                module, name = impl.rsplit(".", 1)
                impl = selected["impl"] = getattr(importlib.import_module(module), name)
            return impl or ssl_stream

        ssl_stream.configure = classmethod(configure)

        def _handle_connection(self, connection, address):
            try:
                if self.ssl_options is None:
                    stream = tornado.iostream.IOStream(
                        connection, max_buffer_size=self.max_buffer_size, read_chunk_size=self.read_chunk_size
                    )
                else:
                    cls = stream_class()
                    if cls is ssl_stream:
                        wrapped = tornado.netutil.ssl_wrap_socket(
                            connection, self.ssl_options, server_side=True, do_handshake_on_connect=False
                        )
                        stream = cls(
                            wrapped, max_buffer_size=self.max_buffer_size, read_chunk_size=self.read_chunk_size
                        )
                    else:
                        # tornado_m2crypto: the constructor is empty, initialize() does the work
                        stream = cls()
                        stream.initialize(
                            connection,
                            max_buffer_size=self.max_buffer_size,
                            read_chunk_size=self.read_chunk_size,
                            ssl_options=self.ssl_options,
                            server_side=True,
                            do_handshake_on_connect=False,
                            create_context_on_init=True,
                        )
                future = self.handle_stream(stream, address)
                if future is not None:
                    IOLoop.current().add_future(gen.convert_yielded(future), lambda f: f.result())
            except ssl.SSLError as exc:
                if exc.args and exc.args[0] == ssl.SSL_ERROR_EOF:
                    connection.close()
                    return
                raise
            except OSError as exc:
                if exc.errno in (errno.ECONNABORTED, errno.EINVAL):
                    connection.close()
                    return
                raise

        tornado.tcpserver.TCPServer._handle_connection = _handle_connection

    request = tornado.httputil.HTTPServerRequest
    if not hasattr(request, "get_ssl_certificate_chain"):
        request.get_ssl_certificate = lambda self, **kw: self.connection.stream.get_ssl_certificate(**kw)
        request.get_ssl_certificate_chain = lambda self, **kw: self.connection.stream.get_ssl_certificate_chain(**kw)
    _DONE = True
