/** Metrics, health, the versions API and the live page. Owns the HTTP library. */
@NullMarked
package io.acclimate.web;

import org.jspecify.annotations.NullMarked;
