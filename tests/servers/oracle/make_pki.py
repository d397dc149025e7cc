"""Create a throw-away CA, a host certificate, user certificates and proxies for the legacy installation.

usage: make_pki.py DIRECTORY

Layout:  DIRECTORY/certificates/{ca.pem,<hash>.0}  hostcert.pem hostkey.pem
         DIRECTORY/users/<name>/{usercert.pem,userkey.pem,proxy_<group>.pem}
"""

import datetime
import ipaddress
import os
import subprocess
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# as in tests/servers/legacy_configuration.py
USERS = {
    "adminuser": ["dirac_admin", "dirac_user", "dirac_operator"],
    "alice": ["dirac_user", "dirac_prod"],
    "bob": ["dirac_user"],
    "pilot": ["dirac_pilot"],
    "carol": ["othervo_user"],
}
NOW = datetime.datetime.now(datetime.UTC)


def name(*parts):
    oids = {"C": NameOID.COUNTRY_NAME, "O": NameOID.ORGANIZATION_NAME, "CN": NameOID.COMMON_NAME}
    return x509.Name([x509.NameAttribute(oids[k], v) for k, v in parts])


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def dump_key(key, path):
    data = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    path.write_bytes(data)
    os.chmod(path, 0o400)


def dump_cert(cert, path):
    path.write_bytes(cert.public_bytes(serialization.Encoding.PEM))


def make_cert(subject, issuer, public_key, signing_key, *extensions):
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - datetime.timedelta(minutes=5))
        .not_valid_after(NOW + datetime.timedelta(days=365))
    )
    for ext, critical in extensions:
        builder = builder.add_extension(ext, critical)
    return builder.sign(signing_key, hashes.SHA256())


def key_usage(ca):
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not ca,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def main():
    base = Path(sys.argv[1])
    ca_dir = base / "certificates"
    ca_dir.mkdir(parents=True, exist_ok=True)
    ca_key, ca_name = new_key(), name(("O", "Bridge Test"), ("CN", "Bridge Test CA"))
    ski = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    aki = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ski)
    ca = make_cert(
        ca_name,
        ca_name,
        ca_key.public_key(),
        ca_key,
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (key_usage(True), True),
        (ski, False),
        (aki, False),
    )
    dump_cert(ca, ca_dir / "ca.pem")
    digest = subprocess.check_output(["openssl", "x509", "-in", ca_dir / "ca.pem", "-noout", "-hash"], text=True)
    link = ca_dir / f"{digest.strip()}.0"
    if not link.exists():
        link.symlink_to("ca.pem")

    def issue(subject, directory, prefix, eku, sans=None):
        directory.mkdir(parents=True, exist_ok=True)
        key = new_key()
        extensions = [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (key_usage(False), True),
            (x509.ExtendedKeyUsage(eku), False),
            (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
            (aki, False),
        ]
        if sans:
            extensions.append((x509.SubjectAlternativeName(sans), False))
        for f in (directory / f"{prefix}cert.pem", directory / f"{prefix}key.pem"):
            f.unlink(missing_ok=True)
        dump_cert(make_cert(subject, ca_name, key.public_key(), ca_key, *extensions), directory / f"{prefix}cert.pem")
        dump_key(key, directory / f"{prefix}key.pem")

    issue(
        name(("C", "ch"), ("O", "Bridge Test"), ("CN", "localhost")),
        base,
        "host",
        [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH],
        [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))],
    )

    # DIRAC's own proxy generation: adds the DIRAC group extension
    from DIRAC.Core.Security.X509Chain import X509Chain

    for user, groups in USERS.items():
        directory = base / "users" / user
        issue(
            name(("C", "ch"), ("O", "Bridge Test"), ("CN", user)),
            directory,
            "user",
            [ExtendedKeyUsageOID.CLIENT_AUTH],
        )
        for group in groups:
            chain = X509Chain()
            for result in (
                chain.loadChainFromFile(str(directory / "usercert.pem")),
                chain.loadKeyFromFile(str(directory / "userkey.pem")),
                chain.generateProxyToFile(str(directory / f"proxy_{group}.pem"), 86400 * 30, diracGroup=group),
            ):
                if not result["OK"]:
                    sys.exit(f"{user}: {result['Message']}")


if __name__ == "__main__":
    main()
