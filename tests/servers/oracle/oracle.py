"""Drive the real handlers of a legacy DIRAC installation in-process, without any network server.

`handler()` makes an instance of <Name>HandlerMixin with the credentials that AuthManager would have produced;
its `call()` calls `export_<method>`. The servers' check of the declared argument types does not take place.
"""

import importlib

import DIRAC

DIRAC.initialize(require_auth=False)

from DIRAC import gLogger
from DIRAC.ConfigurationSystem.Client.Helpers import Registry

SERVICES = {
    "JobStateUpdate": "WorkloadManagementSystem",
    "JobMonitoring": "WorkloadManagementSystem",
    "JobManager": "WorkloadManagementSystem",
    "SandboxStore": "WorkloadManagementSystem",
    "WMSAdministrator": "WorkloadManagementSystem",
}
_CLASSES = {}

JDL = """[
    Executable = "/bin/echo";
    Arguments = "hello %j";
    JobName = "oracle";
    StdOutput = "std.out";
    StdError = "std.err";
    JobType = "User";
    JobGroup = "oracle";
    OutputSandbox = {"std.out", "std.err"};
    CPUTime = 1000;
]"""


def credentials(user, group, host=False):
    if host:
        return {
            "DN": f"/C=ch/O=Bridge Test/CN={user}",
            "username": user,
            "group": "hosts",
            "properties": Registry.getPropertiesForHost(user, []),
            "isProxy": False,
            "isLimitedProxy": False,
        }
    return {
        "DN": f"/C=ch/O=Bridge Test/CN={user}",
        "username": user,
        "group": group,
        "properties": Registry.getPropertiesForGroup(group, []),
        "isProxy": True,
        "isLimitedProxy": False,
    }


def handler_class(service):
    if service not in _CLASSES:
        module = importlib.import_module(f"DIRAC.{SERVICES[service]}.Service.{service}Handler")
        mixin = getattr(module, f"{service}HandlerMixin")

        class Handler(mixin):
            log = gLogger.getSubLogger(f"{service}Handler")
            _credDict = {}
            _clientSetup = "None"

            @classmethod
            def srv_getCSOption(cls, name, default=None):
                return DIRAC.gConfig.getValue(f"/Systems/WorkloadManagement/Services/{service}/{name}", default)

            getCSOption = srv_getCSOption

            def getRemoteCredentials(self):
                return self._credDict

            srv_getRemoteCredentials = getRemoteCredentials

            def getRemoteAddress(self):
                return ("127.0.0.1", 0)

            def call(self, method, *args):
                return getattr(self, f"export_{method}")(*args)

        info = {
            "serviceName": f"WorkloadManagement/{service}",
            "serviceSectionPath": f"/Systems/WorkloadManagement/Services/{service}",
            "URL": "",
        }
        result = Handler.initializeHandler(info)
        if result is not None and not result["OK"]:
            raise RuntimeError(result["Message"])
        _CLASSES[service] = Handler
    return _CLASSES[service]


def call(service, method, *args, user="alice", group="dirac_user", host=False):
    """What `export_<method>` returns to this user, without the call stack of an S_ERROR."""
    result = handler(service, user, group, host).call(method, *args)
    if isinstance(result, dict):
        result.pop("CallStack", None)
        result.pop("ExecInfo", None)  # of an exception, with a traceback that can't cross to another process
    return result


def calls(service, asked):
    """The answers to [(method, arguments, user, group), ...]; what a method raises is told by its class."""
    answers = []
    for method, arguments, user, group in asked:
        try:
            answers.append(call(service, method, *arguments, user=user, group=group))
        except Exception as error:
            answers.append({"OK": False, "Raised": type(error).__name__})
    return answers


def handler(service, user="alice", group="dirac_user", host=False):
    obj = handler_class(service)()
    obj._credDict = credentials(user, group, host)
    obj.initializeRequest()
    return obj


def new_job(owner="alice", group="dirac_user", jdl=JDL, status="Received", minor="Job accepted", log=True):
    """Insert a job as JobManagerHandler.submitJob does: JobDB.insertNewJobIntoDB + one logging record."""
    cls = handler_class("JobStateUpdate")
    result = cls.jobDB.insertNewJobIntoDB(jdl, owner, group, initialStatus=status, initialMinorStatus=minor)
    if not result["OK"]:
        raise RuntimeError(result["Message"])
    if log:
        res = cls.jobLoggingDB.addLoggingRecord(
            result["JobID"], result["Status"], result["MinorStatus"], date=result["TimeStamp"], source="JobManager"
        )
        if not res["OK"]:
            raise RuntimeError(res["Message"])
    return result["JobID"]


def state(job_id):
    """What the databases hold about a job: (Jobs row, LoggingInfo rows)."""
    cls = handler_class("JobStateUpdate")
    row = cls.jobDB.getJobAttributes(job_id)["Value"]
    log = cls.jobLoggingDB._query(
        "SELECT SeqNum,Status,MinorStatus,ApplicationStatus,StatusTime,StatusTimeOrder,StatusSource "
        "FROM LoggingInfo WHERE JobID=%s ORDER BY SeqNum",
        args=(str(job_id),),
    )["Value"]
    return row, log


def add_children(job_id):
    """Give a job a row in the tables that hang on it: a parameter, an optimizer parameter, a heartbeat, a queue."""
    cls = handler_class("JobManager")
    db = cls.jobDB
    results = [
        db._update(
            "INSERT INTO OptimizerParameters (JobID,Name,Value) VALUES (%s,'OptimizerChain','JobPath')", args=(job_id,)
        ),
        db._update(
            "INSERT INTO HeartBeatLoggingInfo (JobID,Name,Value,HeartBeatTime) VALUES (%s,'Vsize','12.34',"
            "'2026-01-01 10:00:00')",
            args=(job_id,),
        ),
        cls.taskQueueDB.insertJob(
            job_id, {"Owner": "alice", "OwnerGroup": "dirac_user", "CPUTime": 86400, "VO": "dirac"}, 1
        ),
    ]
    for result in results:
        if not result["OK"]:
            raise RuntimeError(result["Message"])
