"""RFC 5280 path validation by `pyhanko-certvalidator`, slow to import: only when a path is judged for the first time.

Revocation, purposes and addresses are not asked of it; it has no fetcher, so it cannot reach a network.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from asn1crypto import keys, x509
from pyhanko_certvalidator.authority import NamedKeyAuthority, TrustAnchor, TrustQualifiers
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.name_trees import GeneralNameType, NameSubtree
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    AcceptAllAlgorithms,
    CertRevTrustPolicy,
    PKIXValidationParams,
)
from pyhanko_certvalidator.validate import async_validate_path

from pecdesk.trust.names import NameConstraints


def objection_to(
    *,
    certificates: Sequence[bytes],
    anchor_name: bytes,
    anchor_key: bytes,
    at: datetime,
    required_policy: str | None,
    constraints: NameConstraints | None,
) -> str | None:
    """What the library objects to in these certificates (DER, the one issued by the anchor first), or None."""
    try:
        parameters = _parameters(required_policy, constraints)
        anchor = TrustAnchor(
            NamedKeyAuthority(x509.Name.load(anchor_name), keys.PublicKeyInfo.load(anchor_key)),
            TrustQualifiers(standard_parameters=parameters),
        )
        *intermediates, signer = [x509.Certificate.load(one) for one in certificates]
        context = ValidationContext(
            trust_roots=[anchor],
            moment=at,
            time_tolerance=timedelta(0),
            allow_fetching=False,
            revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
            algorithm_usage_policy=AcceptAllAlgorithms(),
        )
        validation = async_validate_path(context, ValidationPath(anchor, intermediates, signer), parameters)
        try:
            validation.send(None)
        except StopIteration:
            return None
        validation.close()
    except Exception as error:  # noqa: BLE001 - whatever a hostile certificate makes the library do, it is an objection
        return " ".join(str(error).split()) or type(error).__name__
    return "the path validation library tried to wait for something"


def _parameters(required_policy: str | None, constraints: NameConstraints | None) -> PKIXValidationParams:
    return PKIXValidationParams(
        user_initial_policy_set=frozenset({required_policy or "any_policy"}),
        initial_explicit_policy=required_policy is not None,
        initial_permitted_subtrees=_subtrees(constraints.permitted_mail, constraints.permitted_directories, True)
        if constraints
        else None,
        initial_excluded_subtrees=_subtrees(constraints.excluded_mail, constraints.excluded_directories, False)
        if constraints
        else None,
    )


def _subtrees(
    mail: Sequence[str], directories: Sequence[bytes], unlimited_when_empty: bool
) -> dict[GeneralNameType, set[NameSubtree]]:
    trees: dict[GeneralNameType, set[NameSubtree]] = {
        kind: {NameSubtree.universal_tree(kind)} if unlimited_when_empty else set() for kind in GeneralNameType
    }
    if mail:
        trees[GeneralNameType.RFC822_NAME] = {NameSubtree.from_name(GeneralNameType.RFC822_NAME, one) for one in mail}
    if directories:
        trees[GeneralNameType.DIRECTORY_NAME] = {
            NameSubtree.from_name(GeneralNameType.DIRECTORY_NAME, x509.Name.load(one)) for one in directories
        }
    return trees
