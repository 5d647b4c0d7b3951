package io.acclimate.web;

/** An answer that refuses a request. */
record Problem(int status, String error) {}
