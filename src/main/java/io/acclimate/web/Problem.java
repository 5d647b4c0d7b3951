package io.acclimate.web;

/** An answer that says no. */
record Problem(int status, String error) {}
