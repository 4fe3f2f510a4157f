"""Tests of `kunshan_edu.core`."""
