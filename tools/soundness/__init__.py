"""Random programs, executed with stubs and compared with what the analysis claims of them."""
