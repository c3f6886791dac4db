// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
int main() {}
