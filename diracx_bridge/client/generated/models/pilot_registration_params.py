from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.pilot_status import PilotStatus, check_pilot_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="PilotRegistrationParams")


@_attrs_define
class PilotRegistrationParams:
    """A pilot that was submitted; its reference at the computing element is the stamp unless it has another.

    Attributes:
        pilot_stamp (str):
        vo (str):
        destination_site (str | Unset):  Default: 'NotAssigned'.
        grid_site (str | Unset):  Default: 'Unknown'.
        grid_type (str | Unset):  Default: 'DIRAC'.
        pilot_reference (None | str | Unset):
        pilot_status (PilotStatus | Unset): Where a pilot is in its life.
    """

    pilot_stamp: str
    vo: str
    destination_site: str | Unset = "NotAssigned"
    grid_site: str | Unset = "Unknown"
    grid_type: str | Unset = "DIRAC"
    pilot_reference: None | str | Unset = UNSET
    pilot_status: PilotStatus | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        pilot_stamp = self.pilot_stamp

        vo = self.vo

        destination_site = self.destination_site

        grid_site = self.grid_site

        grid_type = self.grid_type

        pilot_reference: None | str | Unset
        if isinstance(self.pilot_reference, Unset):
            pilot_reference = UNSET
        else:
            pilot_reference = self.pilot_reference

        pilot_status: str | Unset = UNSET
        if not isinstance(self.pilot_status, Unset):
            pilot_status = self.pilot_status

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "pilot_stamp": pilot_stamp,
                "vo": vo,
            }
        )
        if destination_site is not UNSET:
            field_dict["destination_site"] = destination_site
        if grid_site is not UNSET:
            field_dict["grid_site"] = grid_site
        if grid_type is not UNSET:
            field_dict["grid_type"] = grid_type
        if pilot_reference is not UNSET:
            field_dict["pilot_reference"] = pilot_reference
        if pilot_status is not UNSET:
            field_dict["pilot_status"] = pilot_status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        pilot_stamp = d.pop("pilot_stamp")

        vo = d.pop("vo")

        destination_site = d.pop("destination_site", UNSET)

        grid_site = d.pop("grid_site", UNSET)

        grid_type = d.pop("grid_type", UNSET)

        def _parse_pilot_reference(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        pilot_reference = _parse_pilot_reference(d.pop("pilot_reference", UNSET))

        _pilot_status = d.pop("pilot_status", UNSET)
        pilot_status: PilotStatus | Unset
        if isinstance(_pilot_status, Unset):
            pilot_status = UNSET
        else:
            pilot_status = check_pilot_status(_pilot_status)

        pilot_registration_params = cls(
            pilot_stamp=pilot_stamp,
            vo=vo,
            destination_site=destination_site,
            grid_site=grid_site,
            grid_type=grid_type,
            pilot_reference=pilot_reference,
            pilot_status=pilot_status,
        )

        return pilot_registration_params
