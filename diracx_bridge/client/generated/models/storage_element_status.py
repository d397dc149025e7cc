from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.allowed_status import AllowedStatus
    from ..models.banned_status import BannedStatus


T = TypeVar("T", bound="StorageElementStatus")


@_attrs_define
class StorageElementStatus:
    """What may be done with a storage element.

    Attributes:
        check (AllowedStatus | BannedStatus):
        read (AllowedStatus | BannedStatus):
        remove (AllowedStatus | BannedStatus):
        write (AllowedStatus | BannedStatus):
    """

    check: AllowedStatus | BannedStatus
    read: AllowedStatus | BannedStatus
    remove: AllowedStatus | BannedStatus
    write: AllowedStatus | BannedStatus
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.allowed_status import AllowedStatus  # noqa: PLC0415

        check: dict[str, Any]
        if isinstance(self.check, AllowedStatus):
            check = self.check.to_dict()
        else:
            check = self.check.to_dict()

        read: dict[str, Any]
        if isinstance(self.read, AllowedStatus):
            read = self.read.to_dict()
        else:
            read = self.read.to_dict()

        remove: dict[str, Any]
        if isinstance(self.remove, AllowedStatus):
            remove = self.remove.to_dict()
        else:
            remove = self.remove.to_dict()

        write: dict[str, Any]
        if isinstance(self.write, AllowedStatus):
            write = self.write.to_dict()
        else:
            write = self.write.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "check": check,
                "read": read,
                "remove": remove,
                "write": write,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.allowed_status import AllowedStatus  # noqa: PLC0415
        from ..models.banned_status import BannedStatus  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_check(data: object) -> AllowedStatus | BannedStatus:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                check_type_0 = AllowedStatus.from_dict(data)

                return check_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            check_type_1 = BannedStatus.from_dict(data)

            return check_type_1

        check = _parse_check(d.pop("check"))

        def _parse_read(data: object) -> AllowedStatus | BannedStatus:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                read_type_0 = AllowedStatus.from_dict(data)

                return read_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            read_type_1 = BannedStatus.from_dict(data)

            return read_type_1

        read = _parse_read(d.pop("read"))

        def _parse_remove(data: object) -> AllowedStatus | BannedStatus:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                remove_type_0 = AllowedStatus.from_dict(data)

                return remove_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            remove_type_1 = BannedStatus.from_dict(data)

            return remove_type_1

        remove = _parse_remove(d.pop("remove"))

        def _parse_write(data: object) -> AllowedStatus | BannedStatus:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                write_type_0 = AllowedStatus.from_dict(data)

                return write_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            write_type_1 = BannedStatus.from_dict(data)

            return write_type_1

        write = _parse_write(d.pop("write"))

        storage_element_status = cls(
            check=check,
            read=read,
            remove=remove,
            write=write,
        )

        storage_element_status.additional_properties = d
        return storage_element_status

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
