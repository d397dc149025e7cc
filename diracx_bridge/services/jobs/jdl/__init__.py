"""Job descriptions: read as DIRAC reads them, checked, and made into what DIRAC's databases hold."""
