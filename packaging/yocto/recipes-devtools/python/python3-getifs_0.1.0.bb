SUMMARY = "Network interfaces, addresses and routes, read from the kernel through rtnetlink"
DESCRIPTION = "Python library whose C extension asks the kernel for network \
interfaces, addresses, routes, gateways, neighbours and next-hop objects."
HOMEPAGE = "https://github.com/getifs/getifs"
BUGTRACKER = "https://github.com/getifs/getifs/issues"
SECTION = "devel/python"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSE;md5=bf86486c04ea0e6c4f7abc7a8cbc5fec"

DEPENDS = "python3-cffi-native"

SRC_URI += "file://run-ptest"
SRC_URI[sha256sum] = "0000000000000000000000000000000000000000000000000000000000000000"

inherit pypi python_setuptools_build_meta ptest

do_install_ptest() {
    install -d ${D}${PTEST_PATH}
    cp -r ${S}/tests ${S}/pyproject.toml ${D}${PTEST_PATH}/
}

# The command is optional: an image without it saves json and the rest of python3-io.
PACKAGES =+ "${PN}-cli"

FILES:${PN}-cli = " \
    ${bindir}/getifs \
    ${datadir}/bash-completion \
    ${datadir}/fish \
    ${datadir}/zsh \
    ${PYTHON_SITEPACKAGES_DIR}/getifs/_cli \
"

RDEPENDS:${PN} = "python3-cffi python3-core"
RDEPENDS:${PN}-cli = "${PN} python3-io python3-json python3-shell"
RDEPENDS:${PN}-ptest += "\
    ${PN}-cli \
    iproute2 \
    python3-ctypes \
    python3-hypothesis \
    python3-pytest \
    python3-unittest-automake-output \
"

BBCLASSEXTEND = "native nativesdk"
