"""The register: districts, schools, education groups, memberships; the containers that rights are granted on."""
