################################################################################
#
# python-getifs
#
################################################################################

PYTHON_GETIFS_VERSION = 0.1.0
PYTHON_GETIFS_SOURCE = getifs-$(PYTHON_GETIFS_VERSION).tar.gz
PYTHON_GETIFS_SITE = https://github.com/getifs/getifs/releases/download/v$(PYTHON_GETIFS_VERSION)
PYTHON_GETIFS_SETUP_TYPE = setuptools
PYTHON_GETIFS_LICENSE = MIT
PYTHON_GETIFS_LICENSE_FILES = LICENSE
PYTHON_GETIFS_DEPENDENCIES = host-python-cffi

$(eval $(python-package))
