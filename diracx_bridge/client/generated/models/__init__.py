"""The models of the API; each is imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .allowed_status import AllowedStatus
    from .banned_status import BannedStatus
    from .body_auth_get_oidc_token import BodyAuthGetOidcToken
    from .body_auth_revoke_refresh_token_by_refresh_token import BodyAuthRevokeRefreshTokenByRefreshToken
    from .body_bridge_get_hidden_jobs import BodyBridgeGetHiddenJobs
    from .body_bridge_get_hidden_jobs_seen_by import BodyBridgeGetHiddenJobsSeenBy
    from .body_bridge_get_jobs_state import BodyBridgeGetJobsState
    from .body_jobs_confirm_jobs import BodyJobsConfirmJobs
    from .body_jobs_delete_jobs import BodyJobsDeleteJobs
    from .body_jobs_get_job_attributes import BodyJobsGetJobAttributes
    from .body_jobs_get_job_logs import BodyJobsGetJobLogs
    from .body_jobs_get_jobs_input_data import BodyJobsGetJobsInputData
    from .body_jobs_get_jobs_parameters import BodyJobsGetJobsParameters
    from .body_jobs_kill_jobs import BodyJobsKillJobs
    from .body_jobs_remove_jobs import BodyJobsRemoveJobs
    from .body_jobs_reschedule_jobs import BodyJobsRescheduleJobs
    from .body_jobs_unassign_bulk_jobs_sandboxes import BodyJobsUnassignBulkJobsSandboxes
    from .bridge_set_job_attributes_response_bridge_set_job_attributes import (
        BridgeSetJobAttributesResponseBridgeSetJobAttributes,
    )
    from .bridge_set_job_attributes_updates import BridgeSetJobAttributesUpdates
    from .bridge_set_job_attributes_updates_additional_property import BridgeSetJobAttributesUpdatesAdditionalProperty
    from .call_summary import CallSummary
    from .checksum_algorithm import ChecksumAlgorithm
    from .compute_element_status import ComputeElementStatus
    from .counted_calls import CountedCalls
    from .found_mismatch import FoundMismatch
    from .fts_status import FTSStatus
    from .group_info import GroupInfo
    from .heartbeat_data import HeartbeatData
    from .http_validation_error import HTTPValidationError
    from .initiate_device_flow_response import InitiateDeviceFlowResponse
    from .inserted_job import InsertedJob
    from .job_command import JobCommand
    from .job_description import JobDescription
    from .job_failure import JobFailure
    from .job_heartbeat import JobHeartbeat
    from .job_log_record import JobLogRecord
    from .job_meta_data import JobMetaData
    from .job_outcomes import JobOutcomes
    from .job_outcomes_failed import JobOutcomesFailed
    from .job_outcomes_success import JobOutcomesSuccess
    from .job_status import JobStatus
    from .job_status_update import JobStatusUpdate
    from .jobs_add_heartbeat_data import JobsAddHeartbeatData
    from .jobs_get_job_attributes_response_jobs_get_job_attributes import (
        JobsGetJobAttributesResponseJobsGetJobAttributes,
    )
    from .jobs_get_job_logs_response_jobs_get_job_logs import JobsGetJobLogsResponseJobsGetJobLogs
    from .jobs_get_job_sandbox_sandbox_type import JobsGetJobSandboxSandboxType
    from .jobs_get_job_sandboxes_response_jobs_get_job_sandboxes import JobsGetJobSandboxesResponseJobsGetJobSandboxes
    from .jobs_get_jobs_input_data_response_jobs_get_jobs_input_data import (
        JobsGetJobsInputDataResponseJobsGetJobsInputData,
    )
    from .jobs_get_jobs_parameters_response_jobs_get_jobs_parameters import (
        JobsGetJobsParametersResponseJobsGetJobsParameters,
    )
    from .jobs_patch_metadata_updates import JobsPatchMetadataUpdates
    from .jobs_set_job_statuses_job_update import JobsSetJobStatusesJobUpdate
    from .jobs_set_job_statuses_job_update_additional_property import JobsSetJobStatusesJobUpdateAdditionalProperty
    from .jobs_state import JobsState
    from .jobs_state_parameters_type_0 import JobsStateParametersType0
    from .jobs_state_rows import JobsStateRows
    from .jobs_state_rows_additional_property import JobsStateRowsAdditionalProperty
    from .known_mismatch import KnownMismatch
    from .ledger_batch import LedgerBatch
    from .metadata import Metadata
    from .metadata_virtual_organizations import MetadataVirtualOrganizations
    from .open_id_configuration import OpenIDConfiguration
    from .pilot_metadata import PilotMetadata
    from .pilot_registration_params import PilotRegistrationParams
    from .pilot_status import PilotStatus
    from .pilots_update_pilot_metadata_updates import PilotsUpdatePilotMetadataUpdates
    from .rehearsal_result import RehearsalResult
    from .rehearsal_result_after import RehearsalResultAfter
    from .rehearsal_result_after_additional_property import RehearsalResultAfterAdditionalProperty
    from .rehearsal_result_before import RehearsalResultBefore
    from .rehearsal_result_before_additional_property import RehearsalResultBeforeAdditionalProperty
    from .rehearsal_result_parameters import RehearsalResultParameters
    from .rehearsal_result_stored_type_0 import RehearsalResultStoredType0
    from .rehearsed_request import RehearsedRequest
    from .rehearsed_request_path import RehearsedRequestPath
    from .rss_get_compute_status_response_rss_get_compute_status import RssGetComputeStatusResponseRssGetComputeStatus
    from .rss_get_fts_status_response_rss_get_fts_status import RssGetFtsStatusResponseRssGetFtsStatus
    from .rss_get_site_status_response_rss_get_site_status import RssGetSiteStatusResponseRssGetSiteStatus
    from .rss_get_storage_status_response_rss_get_storage_status import RssGetStorageStatusResponseRssGetStorageStatus
    from .sandbox_download_response import SandboxDownloadResponse
    from .sandbox_format import SandboxFormat
    from .sandbox_info import SandboxInfo
    from .sandbox_upload_response import SandboxUploadResponse
    from .sandbox_upload_response_fields import SandboxUploadResponseFields
    from .scalar_search_operator import ScalarSearchOperator
    from .scalar_search_spec import ScalarSearchSpec
    from .search_params import SearchParams
    from .set_job_status_return import SetJobStatusReturn
    from .set_job_status_return_failed import SetJobStatusReturnFailed
    from .set_job_status_return_failed_additional_property import SetJobStatusReturnFailedAdditionalProperty
    from .set_job_status_return_success import SetJobStatusReturnSuccess
    from .set_job_status_return_success_map import SetJobStatusReturnSuccessMap
    from .site_status import SiteStatus
    from .sort_direction import SortDirection
    from .sort_spec import SortSpec
    from .storage_element_status import StorageElementStatus
    from .summary_params import SummaryParams
    from .support_info import SupportInfo
    from .token_response import TokenResponse
    from .user_info_response import UserInfoResponse
    from .validation_error import ValidationError
    from .validation_error_context import ValidationErrorContext
    from .vector_search_operator import VectorSearchOperator
    from .vector_search_spec import VectorSearchSpec
    from .vo_info import VOInfo
    from .vo_info_groups import VOInfoGroups

_MODULES = {
    "AllowedStatus": ".allowed_status",
    "BannedStatus": ".banned_status",
    "BodyAuthGetOidcToken": ".body_auth_get_oidc_token",
    "BodyAuthRevokeRefreshTokenByRefreshToken": ".body_auth_revoke_refresh_token_by_refresh_token",
    "BodyBridgeGetHiddenJobs": ".body_bridge_get_hidden_jobs",
    "BodyBridgeGetHiddenJobsSeenBy": ".body_bridge_get_hidden_jobs_seen_by",
    "BodyBridgeGetJobsState": ".body_bridge_get_jobs_state",
    "BodyJobsConfirmJobs": ".body_jobs_confirm_jobs",
    "BodyJobsDeleteJobs": ".body_jobs_delete_jobs",
    "BodyJobsGetJobAttributes": ".body_jobs_get_job_attributes",
    "BodyJobsGetJobLogs": ".body_jobs_get_job_logs",
    "BodyJobsGetJobsInputData": ".body_jobs_get_jobs_input_data",
    "BodyJobsGetJobsParameters": ".body_jobs_get_jobs_parameters",
    "BodyJobsKillJobs": ".body_jobs_kill_jobs",
    "BodyJobsRemoveJobs": ".body_jobs_remove_jobs",
    "BodyJobsRescheduleJobs": ".body_jobs_reschedule_jobs",
    "BodyJobsUnassignBulkJobsSandboxes": ".body_jobs_unassign_bulk_jobs_sandboxes",
    "BridgeSetJobAttributesResponseBridgeSetJobAttributes": ".bridge_set_job_attributes_response_bridge_set_job_attributes",
    "BridgeSetJobAttributesUpdates": ".bridge_set_job_attributes_updates",
    "BridgeSetJobAttributesUpdatesAdditionalProperty": ".bridge_set_job_attributes_updates_additional_property",
    "CallSummary": ".call_summary",
    "ChecksumAlgorithm": ".checksum_algorithm",
    "ComputeElementStatus": ".compute_element_status",
    "CountedCalls": ".counted_calls",
    "FoundMismatch": ".found_mismatch",
    "FTSStatus": ".fts_status",
    "GroupInfo": ".group_info",
    "HeartbeatData": ".heartbeat_data",
    "HTTPValidationError": ".http_validation_error",
    "InitiateDeviceFlowResponse": ".initiate_device_flow_response",
    "InsertedJob": ".inserted_job",
    "JobCommand": ".job_command",
    "JobDescription": ".job_description",
    "JobFailure": ".job_failure",
    "JobHeartbeat": ".job_heartbeat",
    "JobLogRecord": ".job_log_record",
    "JobMetaData": ".job_meta_data",
    "JobOutcomes": ".job_outcomes",
    "JobOutcomesFailed": ".job_outcomes_failed",
    "JobOutcomesSuccess": ".job_outcomes_success",
    "JobStatus": ".job_status",
    "JobStatusUpdate": ".job_status_update",
    "JobsAddHeartbeatData": ".jobs_add_heartbeat_data",
    "JobsGetJobAttributesResponseJobsGetJobAttributes": ".jobs_get_job_attributes_response_jobs_get_job_attributes",
    "JobsGetJobLogsResponseJobsGetJobLogs": ".jobs_get_job_logs_response_jobs_get_job_logs",
    "JobsGetJobSandboxSandboxType": ".jobs_get_job_sandbox_sandbox_type",
    "JobsGetJobSandboxesResponseJobsGetJobSandboxes": ".jobs_get_job_sandboxes_response_jobs_get_job_sandboxes",
    "JobsGetJobsInputDataResponseJobsGetJobsInputData": ".jobs_get_jobs_input_data_response_jobs_get_jobs_input_data",
    "JobsGetJobsParametersResponseJobsGetJobsParameters": ".jobs_get_jobs_parameters_response_jobs_get_jobs_parameters",
    "JobsPatchMetadataUpdates": ".jobs_patch_metadata_updates",
    "JobsSetJobStatusesJobUpdate": ".jobs_set_job_statuses_job_update",
    "JobsSetJobStatusesJobUpdateAdditionalProperty": ".jobs_set_job_statuses_job_update_additional_property",
    "JobsState": ".jobs_state",
    "JobsStateParametersType0": ".jobs_state_parameters_type_0",
    "JobsStateRows": ".jobs_state_rows",
    "JobsStateRowsAdditionalProperty": ".jobs_state_rows_additional_property",
    "KnownMismatch": ".known_mismatch",
    "LedgerBatch": ".ledger_batch",
    "Metadata": ".metadata",
    "MetadataVirtualOrganizations": ".metadata_virtual_organizations",
    "OpenIDConfiguration": ".open_id_configuration",
    "PilotMetadata": ".pilot_metadata",
    "PilotRegistrationParams": ".pilot_registration_params",
    "PilotStatus": ".pilot_status",
    "PilotsUpdatePilotMetadataUpdates": ".pilots_update_pilot_metadata_updates",
    "RehearsalResult": ".rehearsal_result",
    "RehearsalResultAfter": ".rehearsal_result_after",
    "RehearsalResultAfterAdditionalProperty": ".rehearsal_result_after_additional_property",
    "RehearsalResultBefore": ".rehearsal_result_before",
    "RehearsalResultBeforeAdditionalProperty": ".rehearsal_result_before_additional_property",
    "RehearsalResultParameters": ".rehearsal_result_parameters",
    "RehearsalResultStoredType0": ".rehearsal_result_stored_type_0",
    "RehearsedRequest": ".rehearsed_request",
    "RehearsedRequestPath": ".rehearsed_request_path",
    "RssGetComputeStatusResponseRssGetComputeStatus": ".rss_get_compute_status_response_rss_get_compute_status",
    "RssGetFtsStatusResponseRssGetFtsStatus": ".rss_get_fts_status_response_rss_get_fts_status",
    "RssGetSiteStatusResponseRssGetSiteStatus": ".rss_get_site_status_response_rss_get_site_status",
    "RssGetStorageStatusResponseRssGetStorageStatus": ".rss_get_storage_status_response_rss_get_storage_status",
    "SandboxDownloadResponse": ".sandbox_download_response",
    "SandboxFormat": ".sandbox_format",
    "SandboxInfo": ".sandbox_info",
    "SandboxUploadResponse": ".sandbox_upload_response",
    "SandboxUploadResponseFields": ".sandbox_upload_response_fields",
    "ScalarSearchOperator": ".scalar_search_operator",
    "ScalarSearchSpec": ".scalar_search_spec",
    "SearchParams": ".search_params",
    "SetJobStatusReturn": ".set_job_status_return",
    "SetJobStatusReturnFailed": ".set_job_status_return_failed",
    "SetJobStatusReturnFailedAdditionalProperty": ".set_job_status_return_failed_additional_property",
    "SetJobStatusReturnSuccess": ".set_job_status_return_success",
    "SetJobStatusReturnSuccessMap": ".set_job_status_return_success_map",
    "SiteStatus": ".site_status",
    "SortDirection": ".sort_direction",
    "SortSpec": ".sort_spec",
    "StorageElementStatus": ".storage_element_status",
    "SummaryParams": ".summary_params",
    "SupportInfo": ".support_info",
    "TokenResponse": ".token_response",
    "UserInfoResponse": ".user_info_response",
    "ValidationError": ".validation_error",
    "ValidationErrorContext": ".validation_error_context",
    "VectorSearchOperator": ".vector_search_operator",
    "VectorSearchSpec": ".vector_search_spec",
    "VOInfo": ".vo_info",
    "VOInfoGroups": ".vo_info_groups",
}

__all__ = (
    "AllowedStatus",
    "BannedStatus",
    "BodyAuthGetOidcToken",
    "BodyAuthRevokeRefreshTokenByRefreshToken",
    "BodyBridgeGetHiddenJobs",
    "BodyBridgeGetHiddenJobsSeenBy",
    "BodyBridgeGetJobsState",
    "BodyJobsConfirmJobs",
    "BodyJobsDeleteJobs",
    "BodyJobsGetJobAttributes",
    "BodyJobsGetJobLogs",
    "BodyJobsGetJobsInputData",
    "BodyJobsGetJobsParameters",
    "BodyJobsKillJobs",
    "BodyJobsRemoveJobs",
    "BodyJobsRescheduleJobs",
    "BodyJobsUnassignBulkJobsSandboxes",
    "BridgeSetJobAttributesResponseBridgeSetJobAttributes",
    "BridgeSetJobAttributesUpdates",
    "BridgeSetJobAttributesUpdatesAdditionalProperty",
    "CallSummary",
    "ChecksumAlgorithm",
    "ComputeElementStatus",
    "CountedCalls",
    "FoundMismatch",
    "FTSStatus",
    "GroupInfo",
    "HeartbeatData",
    "HTTPValidationError",
    "InitiateDeviceFlowResponse",
    "InsertedJob",
    "JobCommand",
    "JobDescription",
    "JobFailure",
    "JobHeartbeat",
    "JobLogRecord",
    "JobMetaData",
    "JobOutcomes",
    "JobOutcomesFailed",
    "JobOutcomesSuccess",
    "JobsAddHeartbeatData",
    "JobsGetJobAttributesResponseJobsGetJobAttributes",
    "JobsGetJobLogsResponseJobsGetJobLogs",
    "JobsGetJobSandboxesResponseJobsGetJobSandboxes",
    "JobsGetJobSandboxSandboxType",
    "JobsGetJobsInputDataResponseJobsGetJobsInputData",
    "JobsGetJobsParametersResponseJobsGetJobsParameters",
    "JobsPatchMetadataUpdates",
    "JobsSetJobStatusesJobUpdate",
    "JobsSetJobStatusesJobUpdateAdditionalProperty",
    "JobsState",
    "JobsStateParametersType0",
    "JobsStateRows",
    "JobsStateRowsAdditionalProperty",
    "JobStatus",
    "JobStatusUpdate",
    "KnownMismatch",
    "LedgerBatch",
    "Metadata",
    "MetadataVirtualOrganizations",
    "OpenIDConfiguration",
    "PilotMetadata",
    "PilotRegistrationParams",
    "PilotStatus",
    "PilotsUpdatePilotMetadataUpdates",
    "RehearsalResult",
    "RehearsalResultAfter",
    "RehearsalResultAfterAdditionalProperty",
    "RehearsalResultBefore",
    "RehearsalResultBeforeAdditionalProperty",
    "RehearsalResultParameters",
    "RehearsalResultStoredType0",
    "RehearsedRequest",
    "RehearsedRequestPath",
    "RssGetComputeStatusResponseRssGetComputeStatus",
    "RssGetFtsStatusResponseRssGetFtsStatus",
    "RssGetSiteStatusResponseRssGetSiteStatus",
    "RssGetStorageStatusResponseRssGetStorageStatus",
    "SandboxDownloadResponse",
    "SandboxFormat",
    "SandboxInfo",
    "SandboxUploadResponse",
    "SandboxUploadResponseFields",
    "ScalarSearchOperator",
    "ScalarSearchSpec",
    "SearchParams",
    "SetJobStatusReturn",
    "SetJobStatusReturnFailed",
    "SetJobStatusReturnFailedAdditionalProperty",
    "SetJobStatusReturnSuccess",
    "SetJobStatusReturnSuccessMap",
    "SiteStatus",
    "SortDirection",
    "SortSpec",
    "StorageElementStatus",
    "SummaryParams",
    "SupportInfo",
    "TokenResponse",
    "UserInfoResponse",
    "ValidationError",
    "ValidationErrorContext",
    "VectorSearchOperator",
    "VectorSearchSpec",
    "VOInfo",
    "VOInfoGroups",
)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name], __name__), name)
