//! Boots a guest and judges its UART.
