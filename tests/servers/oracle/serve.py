"""Run real legacy DIRAC services on the loopback interface only.

usage: serve.py cs                                                    (DIRAC_ROOT_PATH names its folder)
       serve.py tornado PORT WorkloadManagement/JobStateUpdate ...    (DIRACSYSCONFIG names its configuration)
       serve.py diset WorkloadManagement/DisetJobStateUpdate ...      (DIRACSYSCONFIG names its configuration)

DIRAC binds its listening sockets to every interface; both servers are narrowed to 127.0.0.1 here.
"""

import os
import sys

os.environ["DIRAC_USE_TORNADO_IOLOOP"] = "No" if sys.argv[1] == "diset" else "Yes"

import tornado_dirac_compat

tornado_dirac_compat.install()


def run_cs(_arguments):
    run_tornado([None, "Configuration/Server"])


def run_tornado(arguments):
    port, services = arguments[0], arguments[1:]
    import tornado.tcpserver

    listen = tornado.tcpserver.TCPServer.listen
    tornado.tcpserver.TCPServer.listen = lambda self, port, address="": listen(self, port, address or "127.0.0.1")

    from DIRAC.ConfigurationSystem.Client.LocalConfiguration import LocalConfiguration
    from DIRAC.ConfigurationSystem.private.Refresher import gRefresher

    gRefresher.disable()
    cfg = LocalConfiguration()
    cfg.disableParsingCommandLine()
    cfg.setConfigurationForTornado()
    cfg.addDefaultEntry("/DIRAC/Security/UseServerCertificate", "yes")
    result = cfg.loadUserData()
    if not result["OK"]:
        sys.exit(result["Message"])
    from DIRAC import gConfig, gLogger
    from DIRAC.Core.Tornado.Server.TornadoServer import TornadoServer

    gLogger.initialize("Tornado", "/")
    port = port or gConfig.getValue("/Systems/Configuration/Services/Server/Port")
    TornadoServer(services=services, port=int(port)).startTornado()


def run_diset(services):
    from DIRAC.Core.DISET.private.Transports.M2SSLTransport import SSLTransport

    init_as_server = SSLTransport.initAsServer

    def loopback_only(self):
        # DIRAC made an IPv6 socket: the IPv4-mapped loopback address
        self.stServerAddress = ("::ffff:127.0.0.1", self.stServerAddress[1])
        return init_as_server(self)

    SSLTransport.initAsServer = loopback_only

    from DIRAC.ConfigurationSystem.Client.LocalConfiguration import LocalConfiguration
    from DIRAC.ConfigurationSystem.private.Refresher import gRefresher

    gRefresher.disable()
    cfg = LocalConfiguration()
    cfg.disableParsingCommandLine()
    cfg.setConfigurationForServer(services[0])
    cfg.addDefaultEntry("/DIRAC/Security/UseServerCertificate", "yes")
    result = cfg.loadUserData()
    if not result["OK"]:
        sys.exit(result["Message"])
    from DIRAC import gLogger
    from DIRAC.Core.DISET.ServiceReactor import ServiceReactor

    gLogger.initialize(services[0], "/")
    reactor = ServiceReactor()
    result = reactor.initialize(list(services))
    if result["OK"]:
        result = reactor.serve()
    if not result["OK"]:
        sys.exit(result["Message"])


{"cs": run_cs, "tornado": run_tornado, "diset": run_diset}[sys.argv[1]](sys.argv[2:])
